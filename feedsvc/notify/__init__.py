"""Alerts to admins: what is wrong with a source, told once when it begins and once when it ends."""

from feedsvc.notify.alert import Alert, Trouble
from feedsvc.notify.mail import Mailer
from feedsvc.notify.troubles import Ended, Letter, Ongoing, Troubles
from feedsvc.notify.webhook import Webhook

__all__ = ["Alert", "Ended", "Letter", "Mailer", "Ongoing", "Trouble", "Troubles", "Webhook"]
