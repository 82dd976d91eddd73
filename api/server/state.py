"""The states of a connection."""

from enum import Enum, auto


class State(Enum):
    IDLE = auto()  # between two requests
    HEAD = auto()  # a head is due
    BODY = auto()  # a body is due
    STORING = auto()  # a block of it is being written to disk
    BUSY = auto()  # the application has the request, or the client has not read the answer yet
    CLOSING = auto()  # nothing more is answered
