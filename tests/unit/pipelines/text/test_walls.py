"""Pages that stand in the way of an article, and articles that speak of such pages."""

import pytest

from pipelines.text.walls import wall_in

CONSENT = "a consent wall"
ROBOT = "a robot check"
ERROR = "an error page"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We value your privacy\nWe and our 842 partners store information on a device.", CONSENT),
        ("Please accept all cookies to read on.", CONSENT),
        ("Um weiterzulesen, akzeptieren Sie bitte unsere Cookies oder schließen Sie ein Abo ab.", CONSENT),
        ("Ce site utilise des cookies. Vous pouvez accepter ou refuser leur dépôt.", CONSENT),
        ("Usamos cookies propias y de terceros. Puede aceptar o rechazar su uso.", CONSENT),
        ("Just a moment...\nEnable JavaScript and cookies to continue", ROBOT),
        ("Checking your browser before accessing herald.example.", ROBOT),
        ("Please verify you are a human", ROBOT),
        ("You need to enable JavaScript to run this app.", ROBOT),
        ("Access to this page has been denied because we believe you are using automation tools.", ROBOT),
        ("Our systems have detected unusual traffic from your computer network.", ROBOT),
        ("Sorry, the page you requested could not be found.", ERROR),
        ("Error 404\nTry the search.", ERROR),
        ("Seite nicht gefunden", ERROR),
        ("The Veldar bridge closed on Monday.", None),
        ("The council accepted the engineers' report and closed the bridge.", None),
        ("Baker wins prize for the best cookies in Veldar.", None),
        ("Inspectors were turned away at the bridge; the council spoke of a misunderstanding.", None),
        ("The file on the bridge does not exist, the council said.", None),
        ("The company must let users reject all cookies, the court held. " + 60 * "It fined it. ", None),
        ("Access denied: how the council kept engineers off the bridge. " + 20 * "They waited. ", None),
        ("", None),
    ],
)
def test_wall_in(text, kind):
    """Only a short text with a wall's own phrases is one."""
    assert wall_in(text) == kind
