"""The script of the desk: keys, and the parts of a page that change while the page is open."""

from app.pages.scripts import read_script

OWN = read_script("app.desk", "desk.js")
