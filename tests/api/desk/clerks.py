"""A clerk at the desk: a browser without script, in which a person has signed in."""

from tests.api.buyer.pages import Browser
from tests.api.staff import PASSWORD, Person, code_of, join
from tests.storefront import Storefront

COOKIE = "__Host-recourse_desk"
SIGN_IN = "/desk/sign-in"


async def sign_in(
    shop: Storefront, person: Person, *, language: str = "ko", password: str = PASSWORD, code: str | None = None
) -> Browser:
    """A browser that has sent the form of the sign-in."""
    browser = Browser(shop.http, language=language)
    await browser.open(f"{SIGN_IN}?shop={shop.merchant_id}")
    shown = code or code_of(shop, person.secret)
    await browser.send(SIGN_IN, email=person.email, password=password, code=shown)
    return browser


async def clerk(shop: Storefront, *, role: str = "clerk", name: str = "김민지", language: str = "ko") -> Browser:
    """A browser that shows the desk to a new person of this role."""
    browser = await sign_in(shop, await join(shop, f"{role}@mug.example", role, name), language=language)
    assert browser.page is not None
    assert browser.page.status_code == 200, browser.text
    return browser
