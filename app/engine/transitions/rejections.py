"""The lines that a rejection ends. The other lines of the claim go on."""

from app.engine.model.commands import Reject
from app.engine.model.vocabulary import Ground
from app.engine.transitions.context import DecisionContext

ON_EVIDENCE = (Ground.BUYER_AGREED, Ground.DUPLICATE, Ground.NOT_OUR_SALE)
"""The grounds that the facts never show. A rejection on one of them rests on the seller's evidence."""


def rejected_line_ids(context: DecisionContext, command: Reject) -> tuple[str, ...]:
    """The named lines. Without names: the lines that the assessment found or doubts this ground for, or every line for
    a ground that rests on evidence alone. Empty if the ground has no line."""
    if command.line_ids:
        return command.line_ids
    concerned = context.assessment.lines_with(command.ground) | context.assessment.lines_in_doubt(command.ground)
    rests_on_evidence = not concerned and command.ground in ON_EVIDENCE
    return tuple([line.line_id for line in context.before.lines if rests_on_evidence or line.line_id in concerned])
