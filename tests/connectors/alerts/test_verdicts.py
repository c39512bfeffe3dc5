"""What Apprise's yes and no let us know."""

import pytest
from apprise.logger import NotifyLogEntry
from apprise.result import AppriseResult, AppriseResultStatus, NotifyAttempt, NotifyResult

from connectors.alerts.apprise_road import read_result

NO, LATE = AppriseResultStatus.FAILURE, AppriseResultStatus.TIMEOUT


def result(*said: str, status: AppriseResultStatus = NO, recipients: int = 1) -> AppriseResult:
    """What Apprise gives for one address, after its plugin logged these lines."""
    logs = [NotifyLogEntry("WARNING", line) for line in said]
    attempt = NotifyAttempt(status=status, logs=logs)
    service = NotifyResult("Slack", "slack://...", weight=recipients, attempts=[attempt])
    return AppriseResult(status, [service])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_a_status_by_which_the_other_side_says_no_is_a_refusal(status: int) -> None:
    assert read_result(result(f"Failed to send to Slack: Page not found., error={status}.")) == "refused"


@pytest.mark.parametrize(
    "doubtful",
    [
        result(),
        result("A Connection error occurred sending Slack notification."),
        *(
            result(f"Failed to send Slack notification: error={s}.")
            for s in (200, 302, 408, 425, 429, 500, 503)
        ),
        result("error=404.", "error=404."),
        result("error=404.", "A Connection error occurred.", "error=500."),
        result("Failed: error=404.", recipients=3),
        result("error=404 and more"),
        result(status=LATE),
    ],
)
def test_everything_else_leaves_us_in_doubt(doubtful: AppriseResult) -> None:
    assert read_result(doubtful) == "unknown"


def test_a_yes_is_a_yes() -> None:
    assert read_result(result(status=AppriseResultStatus.SUCCESS)) == "accepted"
