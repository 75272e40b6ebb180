"""What the command line has handed to the application, and what a script sees of its surroundings.

Shows: ``sys.argv``, ``__file__``, ``__name__``, modules beside the script, ``show`` and ``output_file`` that do nothing.
"""

import os
import sys

from bokeh.io import output_file, show
from bokeh.layouts import column
from bokeh.models import Div
from bokeh.plotting import curdoc

import beside_options

output_file("never_written.html")
arguments = Div(name="arguments", text=" ".join(sys.argv))
place = Div(name="place", text=f"{os.path.basename(__file__)} {os.path.isabs(__file__)} {__name__.startswith('bokeh_app_')}")
beside = Div(name="beside", text=beside_options.__doc__)
show(beside)

curdoc().title = "Options"
curdoc().add_root(column(arguments, place, beside))
