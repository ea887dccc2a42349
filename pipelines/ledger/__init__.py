"""The database: what is waiting, what was heard, what is to be sent. `open_ledger` is the way in.

`tables` says what is kept, `migrations` how it came about, `transactions` how it is locked. `intake`,
`judging`, `articles`, `outbox` and `failures` are each what one part of Tocsin reads and writes; `reading` is
for people.
"""
