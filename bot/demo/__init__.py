"""The demo: everything embedded, three phones on a page, and a clock that can be moved.

`bot.demo.service.serve_demo` serves the page, `bot.demo.play.play` lives one whole story in the terminal. Both run the same
service as `complaintbot run`.
"""
