"""Starts and ends the collecting with the server."""

import math
import threading

import collected

stop = threading.Event()


def collect():
    while not stop.wait(0.02):
        if len(collected.values) < 1000:
            collected.values.append(math.sin(len(collected.values) / 10))


def on_server_loaded(server_context):
    collected.hooks.append("loaded")
    threading.Thread(target=collect, daemon=True).start()


def on_server_unloaded(server_context):
    stop.set()
    print("lifecycle: the server is going", flush=True)


def on_session_created(session_context):
    collected.hooks[1:] = ["created"]


def on_session_destroyed(session_context):
    collected.hooks.append("destroyed")
