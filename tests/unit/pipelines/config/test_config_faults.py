"""What a wrong configuration is told: the exact place, what is wrong there, and a hint."""

import pytest

from pipelines.config import parse_config
from schemas.errors import ConfigError

SOURCE = '[[sources]]\nname = "shelf"\nkind = "test-shelf"\npath = "a"\n'
SINK = '[sinks.desk]\nkind = "test-hook"\nurl = "https://hook.example"\n'
TOPIC = '[[topics]]\nid = "t"\nquery = "flood"\n'
ENTITY = '[[entities]]\nid = "mek"\nname = "The Mojahedin"\n'
PUBLISHER = '[[publishers]]\nid = "exit"\n'
ROUTE = '[[subscriptions]]\ntopics = ["t"]\nsink = "desk"\n'

ROWS = [
    # Sections
    ("[tocsn]", '1: tocsn: unknown key (did you mean "tocsin"?)'),
    ("[[source]]", '1: source: unknown key (did you mean "sources"?)'),
    ("[zebra]", "1: zebra: unknown key (known keys: tocsin, intake, http, extraction, metrics, sources, "),
    ("[sources]\nname = 1", "1: sources: should be a list of tables (write [[sources]] above each)"),
    ("sources = [1]", "sources: should be a list of tables (write [[sources]] above each)"),
    ("[[http]]", "1: http: should be a table, not a list (write its header in single brackets)"),
    ("sinks = 1", "sinks: should be tables with a name (write [sinks.NAME] above each)"),
    (
        "[sinks]\nkind = 'file'",
        "2: sinks.kind: should be a table (write [sinks.NAME] above the keys of each sink)",
    ),
    # The table tocsin
    ('[tocsin]\nledgr = "x"', '2: tocsin.ledgr: unknown key (did you mean "ledger"?)'),
    (
        '[tocsin]\nledger = "mysql://x"',
        "2: tocsin.ledger: should start with sqlite:/// or postgresql+psycopg://",
    ),
    ("[tocsin]\nledger = 5", "2: tocsin.ledger: should be a text, not a number (put it in quotes)"),
    (
        '[tocsin]\ntopics = "a.toml"',
        "2: tocsin.topics: should be a list, not a text (put it in square brackets)",
    ),
    ('[tocsin]\ntopics = ["a", 3]', "2: tocsin.topics[1]: should be a text, not a number (put it in quotes)"),
    ('[tocsin]\ntopics = [" "]', "2: tocsin.topics[0]: should not be blank"),
    # The tables http, extraction and metrics
    ('[http]\ncontct = "a@b.example"', '2: http.contct: unknown key (did you mean "contact"?)'),
    ("[extraction]\nworkers = 0", "2: extraction.workers: should be greater than or equal to 1"),
    ('[extraction]\nworkers = "2"', "2: extraction.workers: should be a whole number, not a text (leave out"),
    ("[extraction]\nworkers = true", "2: extraction.workers: should be a whole number, not true or false"),
    ("[extraction]\nworkers = 1.5", "2: extraction.workers: should be a whole number"),
    (
        "[extraction]\ndeadline = 10",
        '2: extraction.deadline: should be a duration such as "30s", "5m" or "1h30m"',
    ),
    ('[extraction]\ndeadline = "0s"', "2: extraction.deadline: should be longer than nothing"),
    ("[extraction]\nmemory_mb = 1", "2: extraction.memory_mb: should be greater than or equal to 128"),
    ("[metrics]\nport = 70000", "2: metrics.port: should be less than or equal to 65535"),
    ("[metrics]\nprot = 1", '2: metrics.prot: unknown key (did you mean "port"?)'),
    # Sources
    (SOURCE + 'evry = "5m"', '5: sources[0].evry: unknown key (did you mean "every"?)'),
    (
        SOURCE + "batch = '9'",
        "5: sources[0].batch: should be a whole number, not a text (leave out the quotes)",
    ),
    (SOURCE + "bach = 9", '5: sources[0].bach: unknown key (did you mean "batch"?)'),
    (SOURCE + "format = 'wark'", '5: sources[0].format: should be "ndjson" or "warc" (did you mean "warc"?)'),
    (SOURCE + "every = '5 m'", '5: sources[0].every: should be a duration such as "30s", "5m" or "1h30m"'),
    (SOURCE + "every = ''", '5: sources[0].every: should be a duration such as "30s", "5m" or "1h30m"'),
    ("[[sources]]\nname = 'a'\nkind = 'test-shelf'", "1: sources[0].path: is required"),
    ("[[sources]]\nname = 'a'", "1: sources[0].kind: is required"),
    ("[[sources]]\nkind = 'test-shelf'\npath = 'a'", "1: sources[0].name: is required"),
    (
        "[[sources]]\nname = 'a'\nkind = 'test-shel'",
        '3: sources[0].kind: no source of kind "test-shel" (did you mean "test-shelf"?)',
    ),
    ("[[sources]]\nname = 'a'\nkind = 'qqqq'", '3: sources[0].kind: no source of kind "qqqq" (known kinds: '),
    (
        SOURCE.replace('"shelf"', '"the shelf"'),
        "2: sources[0].name: should hold only letters, digits, and after the first one also . _ -",
    ),
    (SOURCE + SOURCE, '6: sources[1].name: "shelf" is already taken (see tocsin.toml:1: sources[0])'),
    (
        SOURCE + "publisher = 'exid'\n" + PUBLISHER,
        '5: sources[0].publisher: there is no publisher "exid" (did you mean "exit"?)',
    ),
    (SOURCE + "publisher = 'exit'\n", '5: sources[0].publisher: there is no publisher "exit"'),
    (SOURCE + "batch = 'env:NOT_SET'", "5: sources[0].batch: the environment variable NOT_SET is not set"),
    # Publishers
    (PUBLISHER + "domain = ['a.example']", '3: publishers[0].domain: unknown key (did you mean "domains"?)'),
    (
        PUBLISHER + "domains = ['https://a.example/']",
        '3: publishers[0].domains[0]: should be a bare domain such as "example.org"',
    ),
    (
        PUBLISHER + "kind = 'wires'",
        '3: publishers[0].kind: should be "outlet", "wire", "press-office" or "aggregator"',
    ),
    (
        PUBLISHER + PUBLISHER,
        '4: publishers[1].id: "exit" is already taken (see tocsin.toml:1: publishers[0])',
    ),
    (
        "[[publishers]]\nid = 'a'\ndomains = ['x.ex']\n[[publishers]]\nid = 'b'\ndomains = ['X.ex']",
        '6: publishers[1].domains[0]: "X.ex" already has a publisher (see tocsin.toml:1: publishers[0])',
    ),
    # Entities
    (ENTITY + "alias = ['MEK']", '4: entities[0].alias: unknown key (did you mean "aliases"?)'),
    (
        ENTITY + "aliases = 'MEK'",
        "4: entities[0].aliases: should be a list, not a text (put it in square brackets)",
    ),
    (ENTITY + "not_ = []", '4: entities[0].not_: unknown key (did you mean "not"?)'),
    (ENTITY + "not = [1]", "4: entities[0].not[0]: should be a text, not a number (put it in quotes)"),
    ("[[entities]]\nid = 'mek'", "1: entities[0].name: is required"),
    (ENTITY + ENTITY, '5: entities[1].id: "mek" is already taken (see tocsin.toml:1: entities[0])'),
    # Topics
    (
        TOPIC + "corroborated_at = 3",
        "4: topics[0].corroborated_at: unknown key (known keys: id, query, languages,",
    ),
    (TOPIC + "findings = ['repeat']", '4: topics[0].findings[0]: should be "new", "update" or "conflict"'),
    (TOPIC + "findings = ['conflicts']", '(did you mean "conflict"?)'),
    (
        TOPIC + "languages = ['eng']",
        '4: topics[0].languages[0]: should be a code of two small letters such as "en"',
    ),
    (TOPIC + "worth = 2", "4: topics[0].worth: should be less than or equal to 1"),
    (TOPIC + "worth = '0.5'", "4: topics[0].worth: should be a number, not a text (leave out the quotes)"),
    (TOPIC + "stage = 'life'", '4: topics[0].stage: should be "live" or "shadow" (did you mean "live"?)'),
    ("[[topics]]\nid = 'a b'\nquery = 'x'", "2: topics[0].id: should hold only letters, digits, and after"),
    ("[[topics]]\nid = 't'\nquery = ''", "3: topics[0].query: should not be blank"),
    (TOPIC + TOPIC, '5: topics[1].id: "t" is already taken (see tocsin.toml:1: topics[0])'),
    # Subscriptions and sinks
    (TOPIC + ROUTE, '6: subscriptions[0].sink: there is no sink "desk"'),
    (
        TOPIC + ROUTE.replace('"desk"', '"dest"') + SINK,
        '6: subscriptions[0].sink: there is no sink "dest" (did you mean "desk"?)',
    ),
    (
        TOPIC + ROUTE + 'at_most = "20/h"\n' + SINK,
        "7: subscriptions[0].at_most: unknown key (known keys: topics, sink)",
    ),
    (
        TOPIC + ROUTE + 'quiet = "22:00-07:00"\n' + SINK,
        "7: subscriptions[0].quiet: unknown key (known keys: topics",
    ),
    ("[[subscriptions]]\ntopics = []\nsink = 'desk'\n" + SINK, "2: subscriptions[0].topics: "),
    (SINK + "headrs = []", '4: sinks.desk.headrs: unknown key (did you mean "headers"?)'),
    (
        SINK + "headers = ['env:NOT_SET']",
        "4: sinks.desk.headers[0]: the environment variable NOT_SET is not set",
    ),
    (SINK.replace("https", "http"), "1: sinks.desk: url should start with https://"),
    ("[sinks.desk]\nurl = 'https://x'", "1: sinks.desk.kind: is required"),
    (
        "[sinks.'a b']\nkind = 'test-hook'\nurl = 'https://x'",
        '1: sinks."a b": should hold only letters, digits',
    ),
]


@pytest.mark.parametrize(("text", "line"), ROWS)
def test_a_fault_is_told_with_its_place_and_a_hint(tmp_path, text, line):
    """Each wrong configuration is refused with exactly one line that names the place."""
    with pytest.raises(ConfigError) as refused:
        parse_config(text, tmp_path, environ={})
    told = str(refused.value)
    assert told.startswith("tocsin.toml:")
    assert line in told
    assert "\n" not in told


def test_all_faults_are_told_at_once(tmp_path):
    """Faults of different parts come in one message, one a line, with their number above."""
    text = "[tocsin]\nledgr = 1\n[metrics]\nport = -1\n" + TOPIC + TOPIC + ROUTE + "[[sources]]\nname = 'x'\n"
    with pytest.raises(ConfigError) as refused:
        parse_config(text, tmp_path, environ={})
    heading, *lines = str(refused.value).splitlines()
    assert heading == "5 faults in the configuration:"
    assert [line.split(": ")[1] for line in lines] == [
        "tocsin.ledgr",
        "metrics.port",
        "sources[0].kind",
        "topics[1].id",
        "subscriptions[0].sink",
    ]


def test_text_that_is_not_toml_is_told_with_line_and_column(tmp_path):
    """A slip in the TOML itself names the line."""
    with pytest.raises(ConfigError, match=r"cannot read tocsin\.toml: not TOML: .*line 2, column"):
        parse_config("[tocsin]\nledger = = 1", tmp_path)


def test_a_secret_never_shows_in_a_fault(tmp_path):
    """A value that came from the environment is not repeated when it is wrong."""
    text = SINK.replace('"https://hook.example"', '"env:HOOK"') + "headers = 'env:HOOK'\n"
    with pytest.raises(ConfigError) as refused:
        parse_config(text, tmp_path, environ={"HOOK": "s3cret"})
    assert "s3cret" not in str(refused.value)
