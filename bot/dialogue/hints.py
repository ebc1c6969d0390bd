"""As whom a colleague is told what they can say."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from complaints.vocabulary import SERVICE_CENTRE, Role

CENTRE = frozenset({Role.AGENT, Role.CENTER_LEAD, Role.DEPT_HEAD})
_OWN = (
    Role.DISPATCHER, Role.LEADER, Role.REVIEWER, Role.MEDIA_OFFICER, Role.COMMANDER, Role.PRIVACY_OFFICER, Role.HR_AUDITOR,
    Role.ADMIN,
)  # fmt: skip


def roles_told(roles: AbstractSet[Role]) -> list[Role]:
    """Return the roles whose words somebody is told of, an assignee's last; empty for an assignee and a mere employee."""
    own = [role for role in _OWN if role in roles]
    return [*own, Role.HANDLER] if own and Role.HANDLER in roles else own


def hinted(roles: AbstractSet[Role]) -> str:
    """Return as whom somebody is told the most used words: a role, or `centre`."""
    if roles & CENTRE:
        return "centre" if roles & SERVICE_CENTRE else Role.DEPT_HEAD.value
    return next(iter(roles_told(roles)), Role.HANDLER).value
