"""Keeps web server and clock running: restarts what dies, ends everything within ten seconds, leaves no orphan."""

from feedsvc.supervisor.child import Child
from feedsvc.supervisor.lifeline import die_with_parent
from feedsvc.supervisor.port import Reservation, reserve
from feedsvc.supervisor.served import noted, served_at
from feedsvc.supervisor.supervisor import Supervisor

__all__ = ["Child", "Reservation", "Supervisor", "die_with_parent", "noted", "reserve", "served_at"]
