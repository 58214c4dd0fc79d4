//! The bench of a whole fleet at a tiny size, so that it cannot rot: manners and completeness as the hosts saw them.

#[path = "../../benches/fleet/hosts.rs"]
mod hosts;

use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use hosts::{Fleet, Size};

/// One host of each kind stands among so many.
const N_HOSTS: usize = 40;
/// Publications of each host.
const N_PAGES: usize = 8;
/// Pause between two requests to one host.
const DELAY: Duration = Duration::from_millis(30);

#[test]
fn no_host_of_a_fleet_is_hurried_and_none_keeps_another_from_being_fetched_whole() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let size = Size {
        hosts: N_HOSTS,
        pages: N_PAGES,
        port: 0,
        is_healthy_alone: false,
    };
    let fleet = runtime.block_on(Fleet::start(size)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = fleet
        .configuration(DELAY)
        .replace("timeout = \"10s\"", "timeout = \"3s\"");
    std::fs::write(folder.path().join("sources.toml"), config).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_aigaq"))
        .args(["--format", "json", "crawl"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let pass: Value = serde_json::from_slice(&output.stdout).unwrap();
    let report = fleet.report();
    let least = u64::try_from(DELAY.as_micros()).unwrap();
    for host in report["hosts"].as_array().unwrap() {
        if let Some(gap) = host["least_gap_us"].as_u64() {
            assert!(gap >= least, "{host}");
        }
        assert!(host["most_at_once"].as_u64().unwrap() <= 1, "{host}");
        if ["healthy", "slow"].contains(&host["kind"].as_str().unwrap()) {
            assert_eq!(host["pages"], host["of"], "{host}");
            let id = format!("host-{}", host["number"]);
            assert_eq!(pass["sources"][id]["captured"], host["of"], "{host}");
        }
    }
    assert_eq!(pass["summary"]["read"], pass["summary"]["new"]);
}
