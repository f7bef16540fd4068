"""Every router of the service, in the order of the OpenAPI document."""

from app.api import (
    claims,
    commands,
    contacts,
    deliveries,
    endpoints,
    events,
    health,
    message_templates,
    messages,
    order_fulfilment,
    orders,
    policies,
    refunds,
    shop_and_buyer,
)

ROUTERS = (
    claims.router,
    commands.router,
    refunds.router,
    orders.router,
    order_fulfilment.router,
    policies.router,
    messages.router,
    message_templates.router,
    contacts.router,
    shop_and_buyer.router,
    endpoints.router,
    deliveries.router,
    events.router,
    health.router,
)
