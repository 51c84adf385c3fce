"""Runs of pytest with the plugin, each on a project of its own."""

from tests.support.plugin import run as run
