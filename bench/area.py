"""Areas and launches: a polygon to codes, many receivers at once, a report to a proposal."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely
from geographiclib.geodesic import Geodesic

from bench.row import Row
from satwarn.area.atlas import shipped_atlas
from satwarn.area.fit import enclose
from satwarn.area.flat import flat, inside_many, shapes_of
from satwarn.area.gazetteer import municipalities, shape
from satwarn.area.inside import inside
from satwarn.area.layer import ShapeLayer, japan_raster
from satwarn.area.shape import Polygon
from satwarn.authority.launch import draft, propose
from satwarn.authority.launch_report import read
from satwarn.people.language import language
