//! Serves a fleet of fictional hosts on loopback until its input ends: `cargo bench --bench fleet -- HOSTS PAGES DELAY_MS CONFIG [healthy]`.
//!
//! Writes a configuration for the program to CONFIG and says `ready`; each further line of input is answered with a line of JSON:
//! what every host saw so far. `benches/fleet/measure.py` runs the program and a crawler of others against it.

#![allow(clippy::print_stdout, reason = "its answers are what it is for")]

mod hosts;

use std::io::BufRead as _;
use std::time::Duration;

use hosts::{Fleet, Size};

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let number = |at: usize, otherwise: usize| {
        words.get(at).map_or(otherwise, |word| {
            word.parse().expect("a number is expected")
        })
    };
    let (n_hosts, n_pages) = (number(0, 20), number(1, 10));
    let delay = Duration::from_millis(number(2, 100) as u64);
    let size = Size {
        hosts: n_hosts,
        pages: n_pages,
        port: 18_080,
        is_healthy_alone: words.get(4).is_some_and(|word| word == "healthy"),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime starts");
    let fleet = runtime
        .block_on(Fleet::start(size))
        .expect("the addresses are free");
    if let Some(path) = words.get(3) {
        std::fs::write(path, fleet.configuration(delay)).expect("the configuration can be written");
    }
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        if line.is_err() {
            break;
        }
        println!("{}", fleet.report());
    }
}
