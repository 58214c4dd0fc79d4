//! Sites on loopback for tests that run the built binary, each on threads of its own.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;

/// Starts a site on a free port. `site` makes its router and what the test wants to keep, told where the site stands.
pub(crate) fn serve<T: Send + 'static>(
    site: impl FnOnce(SocketAddr) -> (Router, T) + Send + 'static,
) -> T {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
                .await
                .unwrap();
            let (router, kept) = site(listener.local_addr().unwrap());
            sender.send(kept).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
    });
    receiver.recv().unwrap()
}
