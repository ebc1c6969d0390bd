"""The demo: everything embedded, three phones on a page, and a clock that can be moved.

`serve_demo` serves the page, `play` lives one whole story in the terminal. Both run the same service as `complaintbot run`.
"""

from bot.demo.play import play
from bot.demo.service import serve_demo

__all__ = ["play", "serve_demo"]
