"""Many runs on one page: a row for each environment and tenant, from run folders and archives of them."""

from golive.report.overview.model import Overview as Overview
from golive.report.overview.model import Row as Row
from golive.report.overview.rows import overview as overview
from golive.report.overview.sources import read_sources as read_sources
