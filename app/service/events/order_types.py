"""The types of events that are about orders: what each means, and what its data adds to the order's."""

from app.service.events import order_schemas as shapes
from app.service.events.order_schemas import OrderData

ROWS: tuple[tuple[str, str, type[OrderData]], ...] = (
    ("ship_date_set", "The order has a day on which it is to leave.", shapes.ShipDateSetData),
    (
        "ship_date_changed",
        "The order is to leave on another day, or none is named any more.",
        shapes.ShipDateChangedData,
    ),
    ("delayed", "The order leaves later than was said.", shapes.DelayData),
    ("ready_to_ship", "The parcel waits for its carrier.", shapes.ReadyData),
    ("shipped", "A parcel has left.", shapes.ShippedData),
    ("delivered", "A parcel has arrived.", shapes.DeliveredData),
    (
        "ship_date_missing",
        "The order is paid and has no day on which it is to leave.",
        shapes.ShipDateMissingData,
    ),
    ("ship_date_near", "The order is to leave tomorrow and is not ready.", shapes.ShipAlertData),
    (
        "ship_date_passed",
        "The day on which the order was to leave is over, and it has not left.",
        shapes.ShipAlertData,
    ),
    ("address_change_requested", "The buyer wants the goods sent elsewhere.", shapes.AddressChangeData),
    ("address_change_accepted", "The goods go to the new address.", shapes.AddressChangeData),
    ("address_change_refused", "The goods go where they were to go.", shapes.AddressRefusedData),
    ("delivery_date_chosen", "The buyer has chosen when lines are to arrive.", shapes.DeliveryDateData),
)
