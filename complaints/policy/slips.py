"""What a profile may not say. Asked when a file is read, not of a version that was kept: what began under it must still end."""

from __future__ import annotations

from complaints.errors import PolicyError
from complaints.permissions import APPROVERS
from complaints.policy.profile import Policy


def refuse_slips(policy: Policy) -> None:
    """Raise PolicyError naming the key and the cure where a profile says what cannot be meant."""
    _approvers(policy)


def _approvers(policy: Policy) -> None:
    for section, approver in (("extension", policy.extension.approver), ("hold", policy.hold.approver)):
        if approver not in APPROVERS:
            raise PolicyError(
                f"policy {policy.name}.{section}.approver is {str(approver)!r}: choose from {', '.join(APPROVERS)}"
            )
