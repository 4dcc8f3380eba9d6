"""Owns what this room keeps beside a revision and brings along with it."""

from app.pilots import queries
from app.pilots.models import Pilot
from app.standards.beside import Beside, newest_of

BESIDE = (Beside(queries.pilot_of, Pilot, newest_of(Pilot.id, Pilot.revision_id)),)
