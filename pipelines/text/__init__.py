"""What one article says: pure logic, a page in, records out."""
