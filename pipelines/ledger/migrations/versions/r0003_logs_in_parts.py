"""On PostgreSQL the two logs that grow for ever are kept in parts, and claims are found by their words."""

from alembic import op

revision = "0003"
down_revision = "0002"

_PARTS = 8

_HEARINGS = """
CREATE TABLE hearings (
    seq bigint NOT NULL DEFAULT nextval('hearings_seq_seq'),
    id text COLLATE "C" NOT NULL,
    memory text COLLATE "C" NOT NULL,
    article text COLLATE "C" NOT NULL,
    copy_of text COLLATE "C",
    record text NOT NULL
) PARTITION BY HASH (id)
"""
_JUDGEMENTS = """
CREATE TABLE judgements (
    claim text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    story text COLLATE "C" NOT NULL,
    "of" text COLLATE "C",
    article text COLLATE "C" NOT NULL,
    observed_at timestamptz NOT NULL,
    start integer NOT NULL,
    record text NOT NULL
) PARTITION BY HASH (claim)
"""
# Rows first, then indexes: several times faster on a large ledger.
_HEARINGS_KEYS = """
ALTER SEQUENCE hearings_seq_seq OWNED BY hearings.seq;
ALTER TABLE hearings ADD CONSTRAINT pk_hearings PRIMARY KEY (id);
ALTER TABLE hearings ADD CONSTRAINT fk_hearings_memory_memories FOREIGN KEY (memory) REFERENCES memories (id);
CREATE INDEX ix_hearings_memory_seq ON hearings (memory, seq);
CREATE INDEX ix_hearings_article_copy_of ON hearings (article, copy_of);
"""
_JUDGEMENTS_KEYS = """
ALTER TABLE judgements ADD CONSTRAINT pk_judgements PRIMARY KEY (claim, topic);
CREATE INDEX ix_judgements_observed_at_article_start_claim_topic
    ON judgements (observed_at, article, start, claim, topic);
CREATE INDEX ix_judgements_topic_observed_at_article_start_claim
    ON judgements (topic, observed_at, article, start, claim);
CREATE INDEX ix_judgements_story ON judgements (story);
CREATE INDEX ix_judgements_of ON judgements ("of");
CREATE INDEX ix_judgements_words ON judgements USING gin (
    to_tsvector('simple', left(replace(record, '\\u0000', '\\ufffd')::json #>> '{claim,text}', 2000))
);
"""


def upgrade() -> None:
    """The same rows in partitions by hash of their content's id; nothing changes on SQLite."""
    if op.get_bind().dialect.name != "postgresql":
        return
    _put_in_parts("hearings", _HEARINGS, _HEARINGS_KEYS)
    _put_in_parts("judgements", _JUDGEMENTS, _JUDGEMENTS_KEYS)


def _put_in_parts(name: str, create: str, keys: str) -> None:
    run = op.get_bind().exec_driver_sql
    run(f"ALTER TABLE {name} RENAME TO {name}_whole")
    if name == "hearings":
        # The sequence outlives the old table.
        run("ALTER SEQUENCE hearings_seq_seq OWNED BY NONE")
    run(create)
    for part in range(_PARTS):
        run(
            f"CREATE TABLE {name}_{part} PARTITION OF {name} "
            f"FOR VALUES WITH (MODULUS {_PARTS}, REMAINDER {part})"
        )
    run(f"INSERT INTO {name} SELECT * FROM {name}_whole")  # noqa: S608 - a name of ours
    run(f"DROP TABLE {name}_whole")
    for statement in keys.strip().rstrip(";").split(";"):
        run(statement)
    run(f"ANALYZE {name}")
