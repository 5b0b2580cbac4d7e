"""Stand-in for get-pip: installs with the pip that ensurepip carries.

ansible-test downloads get-pip from a site of its own for each environment it makes. The same text in its cache
spares that, so that a package index is all that the tests need.
"""

import ensurepip
import pathlib
import runpy
import sys

wheel = sorted(pathlib.Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"))[-1]
sys.path.insert(0, str(wheel))
sys.argv[1:] = ["install"] + [arg for arg in sys.argv[1:] if arg not in ("--no-setuptools", "--no-wheel")]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
