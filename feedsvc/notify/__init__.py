"""Alerts to admins: what is wrong with a source, told once when it begins and once when it ends."""

from feedsvc.notify.alert import Alert, Trouble
from feedsvc.notify.mail import Mailer
from feedsvc.notify.troubles import Ongoing, Turned, turn
from feedsvc.notify.webhook import Webhook

__all__ = ["Alert", "Mailer", "Ongoing", "Trouble", "Turned", "Webhook", "turn"]
