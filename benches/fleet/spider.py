"""The crawler of others that stands beside: Scrapy fetching the fleet and taking the links out of every page, and nothing else."""
import json, os

import scrapy
from scrapy.linkextractors import LinkExtractor

STARTS = json.loads(os.environ["FLEET_STARTS"])
DELAY = float(os.environ["FLEET_DELAY"])
MAX_LISTS = 12


class Fleet(scrapy.Spider):
    name = "fleet"
    links = LinkExtractor()
    # The same limits as the configuration of the fleet; failures are not tried again within one pass either.
    custom_settings = {
        "ROBOTSTXT_OBEY": True, "USER_AGENT": "Fleet/1.0 (+https://fleet.example/contact)", "DOWNLOAD_DELAY": DELAY,
        "RANDOMIZE_DOWNLOAD_DELAY": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "CONCURRENT_REQUESTS": 300, "DOWNLOAD_TIMEOUT": 10,
        "DOWNLOAD_MAXSIZE": 2_000_000, "RETRY_ENABLED": False, "COOKIES_ENABLED": False, "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "CRITICAL", "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.DownloaderAwarePriorityQueue",
    }

    async def start(self):
        for request in self.start_requests():
            yield request

    def start_requests(self):
        for url in STARTS:
            yield scrapy.Request(url, callback=self.parse)

    def parse(self, response):
        stats = self.crawler.stats
        if "/news/" in response.url:
            stats.inc_value("fleet/pages")
        if not isinstance(response, scrapy.http.TextResponse):
            return
        host = response.url.split("/")[2]
        for link in self.links.extract_links(response):
            stats.inc_value("fleet/links")
            parts = link.url.split("/")
            if parts[2] != host or len(parts) < 5:
                continue
            is_list = parts[3] == "list" and parts[4].isdigit() and int(parts[4]) <= MAX_LISTS
            # Pages are found in listings, as they are there; links inside of pages lead to the same ones.
            if is_list or (parts[3] == "news" and "/list/" in response.url):
                yield response.follow(link, callback=self.parse)

    def closed(self, reason):
        print(json.dumps({key: value for key, value in self.crawler.stats.get_stats().items() if isinstance(value, (int, float))}))
