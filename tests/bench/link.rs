//! A network with a known round trip: a forwarder that holds back every byte for half of it, and the first ones of a
//! connection for one round trip more, as the handshake of TCP does.
//!
//! Threads and not tasks, because the timer of a runtime is accurate to a millisecond only.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// Starts a forwarder to that address, and returns its own. It runs until this process ends.
pub(crate) fn start(to: SocketAddr, round_trip: Duration) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port on 127.0.0.1");
    let address = listener.local_addr().expect("the address of a bound socket");
    thread::spawn(move || {
        for from in listener.incoming().flatten() {
            let open = Instant::now() + round_trip;
            let Ok(behind) = TcpStream::connect(to) else { continue };
            for (from, to) in [(&from, &behind), (&behind, &from)] {
                let _ = from.set_nodelay(true);
                let (from, to) = (from.try_clone().expect("a socket"), to.try_clone().expect("a socket"));
                forward(from, to, open, round_trip / 2);
            }
        }
    });
    address
}

fn forward(mut from: TcpStream, mut to: TcpStream, open: Instant, delay: Duration) {
    let (send, held) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let due = Instant::now().max(open) + delay;
            if send.send((due, buffer[..count].to_vec())).is_err() {
                return;
            }
        }
    });
    thread::spawn(move || {
        for (due, bytes) in held {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                return;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}

/// The round trip of such a network as a program sees it: the median of 20 exchanges over an open connection.
pub(crate) fn measured(round_trip: Duration) -> Duration {
    let echo = TcpListener::bind(("127.0.0.1", 0)).expect("a free port on 127.0.0.1");
    let address = start(echo.local_addr().expect("the address of a bound socket"), round_trip);
    thread::spawn(move || {
        let (mut stream, _) = echo.accept().expect("a connection");
        let mut byte = [0];
        while stream.read_exact(&mut byte).is_ok() && stream.write_all(&byte).is_ok() {}
    });
    let mut stream = TcpStream::connect(address).expect("a connection");
    let mut exchange = || {
        let begun = Instant::now();
        stream.write_all(&[0]).and_then(|()| stream.read_exact(&mut [0])).expect("an echo");
        begun.elapsed()
    };
    exchange();
    let mut times: Vec<Duration> = (0..20).map(|_| exchange()).collect();
    times.sort();
    times[10]
}
