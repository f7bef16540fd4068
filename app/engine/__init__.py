"""The pure core: what may happen to a claim, and what the claim is worth. This is its front door.

    decide    claim, command, facts -> Decision | Refused    one command
    advance   claim, command, facts -> Progress | Refused    one command and all that the system does after it
    quote     request, facts -> Quote | Refused                what a request would lead to
    quote_edit  claim, edit, facts -> Quote | Refused          what an edit would lead to
    options   lines, facts, actor -> LineOptions ...          what the buyer may request, line by line
    next_command, next_timeout, due_at, next_warning,
    next_reminder                                            what the system does when facts change or time passes
    late_money                                               what payments after a decision bring to its claims
    actions, standing_of                                     what people may do now, and what the claim is worth
    suggestion                                               what the seller's side does next, and what follows

The law of this package: the standard library alone; no clock, no I/O, no async. Time and holidays are arguments,
answers are return values, and a refusal is an answer. Values (claims, orders, commands, policies) are in `model` and
`policy`, the table of transitions is in `transitions`.
"""

from app.engine.advance import NewId, Progress, advance, first_decisions
from app.engine.amounts.captures import LateMoney, late_money
from app.engine.autopilot import SYSTEM, next_command
from app.engine.decide import Action, Decision, Event, Refused, actions, command_name, decide
from app.engine.model.to_ship import wanted_day
from app.engine.options import LineOptions, Option, Outcome, options
from app.engine.policy.facts import Facts
from app.engine.quote import Quote, quote, quote_edit
from app.engine.reminders import Reminder, ReminderName, next_reminder
from app.engine.ship_dates import ShipAlert, ShipWarning, mark_of_past, misses_wanted_day, next_warning
from app.engine.standing import Standing, standing_of
from app.engine.suggestion import Effect, Suggestion, suggestion
from app.engine.suggestions.drafts import SuggestedStep, SuggestionReason
from app.engine.timeouts import DeadlineName, Timeout, due_at, next_timeout
from app.engine.transit import TransitAlert, TransitWarning, next_transit_warning

__all__ = [
    "SYSTEM",
    "Action",
    "DeadlineName",
    "Decision",
    "Effect",
    "Event",
    "Facts",
    "LateMoney",
    "LineOptions",
    "NewId",
    "Option",
    "Outcome",
    "Progress",
    "Quote",
    "Refused",
    "Reminder",
    "ReminderName",
    "ShipAlert",
    "ShipWarning",
    "Standing",
    "SuggestedStep",
    "Suggestion",
    "SuggestionReason",
    "Timeout",
    "TransitAlert",
    "TransitWarning",
    "actions",
    "advance",
    "command_name",
    "decide",
    "due_at",
    "first_decisions",
    "late_money",
    "mark_of_past",
    "misses_wanted_day",
    "next_command",
    "next_reminder",
    "next_timeout",
    "next_transit_warning",
    "next_warning",
    "options",
    "quote",
    "quote_edit",
    "standing_of",
    "suggestion",
    "wanted_day",
]
