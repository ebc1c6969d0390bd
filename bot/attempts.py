"""Attempts: one message handed to its channel, and what is known afterwards of where it is."""

from __future__ import annotations

import asyncio
import logging

from bot.storage.database import DatabaseUnavailable
from connectors.port import (
    Blocked,
    Connector,
    DeliveryError,
    Moved,
    OutgoingMessage,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)
from scheduler.port import Fate, Outcome

_log = logging.getLogger(__name__)


async def attempt(connector: Connector, message: OutgoingMessage, timeout_s: float) -> Outcome:
    """Hand a message over and return what became of it. Raises nothing but for cancellation."""
    doubtful = Fate.LATER if connector.capabilities.idempotent_send else Fate.UNCERTAIN
    try:
        # A connector that limits itself knows what became of the message; a clock outside can only doubt it.
        async with asyncio.timeout(max(timeout_s, connector.capabilities.slowest_send_s * 1.1)):
            sent = await connector.send(message)
    except TimeoutError:
        return Outcome(doubtful, detail=f"no answer within {timeout_s:g} s")
    except TryAgainLater as error:
        asked, everybody = error.retry_after_s, error.everybody
        return Outcome(Fate.LATER, detail=str(error), retry_after_s=asked, everybody=everybody)
    except Moved as error:
        return Outcome(Fate.REFUSED, detail=str(error), moved_to=error.address)
    except WillNotDeliver as error:
        return Outcome(Fate.REFUSED, detail=str(error), blocked=isinstance(error, Blocked))
    except UnknownDelivery as error:
        return Outcome(doubtful, detail=str(error))
    except (DeliveryError, DatabaseUnavailable) as error:  # some channels are a table of ours
        return Outcome(Fate.LATER, detail=str(error))
    except Exception as error:  # a connector's bug: it may have sent before it fell over
        _log.exception("outbox: connector %s failed", connector.channel)
        return Outcome(Fate.UNCERTAIN, detail=f"{type(error).__name__}: {error}")
    return Outcome(Fate.DELIVERED if sent.delivered else Fate.SENT, sent.external_id)
