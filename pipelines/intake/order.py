"""The order in which pages are read."""

from schemas.items import Page


def arrival(page: Page) -> tuple[object, ...]:
    """Sorts pages by `observed_at`, then by the item's `published_at`, a missing one last, then by id."""
    published_at = page.item.published_at
    return page.observed_at, published_at is None, published_at or page.observed_at, page.id
