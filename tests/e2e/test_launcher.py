"""What stands between tests and the real utilities: the launcher, and nothing else."""

from custom_components.energy_logger.api import endpoints


def test_without_the_launcher_the_integration_asks_the_real_utilities():
    assert endpoints.AMBER_BASE_URL == "https://api.amber.com.au/v1"
    assert endpoints.KAMO_BASE_URL == "https://kamofamilyload.kamopower.com/api"
