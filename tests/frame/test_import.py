"""Speaking frames needs nothing heavy."""

import subprocess
import sys


def test_importing_frame_brings_in_no_xml_geometry_arrays_or_validation():
    heavy = "lxml shapely numpy pydantic xmlsec pyarrow numba typer"
    line = f"import sys, satwarn.frame; print(*sorted(set(sys.modules) & set('{heavy}'.split())))"
    assert subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True).stdout == "\n"
