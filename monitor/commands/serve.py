"""`dateline serve`: the daemon."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import click

from monitor import log, schedule
from monitor.standing import Standing

if TYPE_CHECKING:
    from monitor.cli import Invocation


@click.command("serve")
@click.pass_obj
def command(invocation: Invocation) -> int:
    """Stay and work: rounds as sources fall due, deliveries, feeds over HTTP, /healthz.

    Ends cleanly on SIGTERM or Ctrl-C. One daemon per state folder. A config that changes is read
    again; var and [serve] need a restart.
    """
    standing = Standing(invocation.config)
    log.start(logging.INFO)
    return schedule.serve(standing)
