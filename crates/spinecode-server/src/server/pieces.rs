//! Small answers in small pieces, so that each leaves in one system call.
//!
//! h2 gathers frames in one buffer and writes them together, but a piece of a body of 256 bytes or more it does not copy: it
//! writes at once all up to its end, and what follows, the trailers of every gRPC answer, in a second system call. That call
//! costs more than coding a case does. Pieces below 256 bytes are gathered, of several answers under way too.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http_body::{Body, Frame, SizeHint};
use tonic::Status;
use tonic::codegen::Bytes;

/// Largest piece that h2 gathers.
const PIECE: usize = 255;
/// Largest part of a body that is cut: of a larger one, the second system call is a small part of the cost.
const SMALL: usize = 4 * 1024;

/// A body whose small parts go in pieces.
pub(super) struct Pieces<B> {
    body: B,
    rest: Bytes,
}

impl<B> Pieces<B> {
    pub(super) fn new(body: B) -> Self {
        Self {
            body,
            rest: Bytes::new(),
        }
    }

    fn next_piece(&mut self) -> Frame<Bytes> {
        Frame::data(self.rest.split_to(self.rest.len().min(PIECE)))
    }
}

impl<B: Body<Data = Bytes, Error = Status> + Unpin> Body for Pieces<B> {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.rest.is_empty() {
            let frame = match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => frame,
                end => return Poll::Ready(end),
            };
            match frame.into_data() {
                Ok(data) if data.len() <= SMALL => self.rest = data,
                Ok(data) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                Err(other) => return Poll::Ready(Some(Ok(other))),
            }
        }
        Poll::Ready(Some(Ok(self.next_piece())))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        if self.rest.is_empty() {
            self.body.size_hint()
        } else {
            SizeHint::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::task::Waker;

    use http::HeaderMap;

    use super::*;

    /// Gives these frames.
    struct Frames(VecDeque<Frame<Bytes>>);

    impl Body for Frames {
        type Data = Bytes;
        type Error = Status;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
            Poll::Ready(self.0.pop_front().map(Ok))
        }

        fn is_end_stream(&self) -> bool {
            self.0.is_empty()
        }
    }

    /// Data and trailers as they come out: data by its length, trailers as `None`.
    fn out(frames: impl IntoIterator<Item = Frame<Bytes>>) -> Vec<Option<usize>> {
        let mut body = Pieces::new(Frames(frames.into_iter().collect()));
        let mut found = Vec::new();
        let mut context = Context::from_waker(Waker::noop());
        while let Poll::Ready(Some(Ok(frame))) = Pin::new(&mut body).poll_frame(&mut context) {
            found.push(frame.data_ref().map(Bytes::len));
        }
        assert!(body.is_end_stream());
        found
    }

    fn data(length: usize) -> Frame<Bytes> {
        Frame::data(Bytes::from(vec![7; length]))
    }

    #[test]
    fn small_data_is_cut_and_the_rest_goes_as_it_is() {
        let trailers = || Frame::trailers(HeaderMap::new());
        assert_eq!(out([data(600), trailers()]), [Some(255), Some(255), Some(90), None]);
        assert_eq!(out([data(255), data(0), trailers()]), [Some(255), Some(0), None]);
        assert_eq!(out([data(SMALL + 1), trailers()]), [Some(SMALL + 1), None]);
        assert_eq!(out([trailers()]), [None]);
    }

    #[test]
    fn nothing_is_lost_before_the_end() {
        let mut body = Pieces::new(Frames([data(256)].into()));
        let mut context = Context::from_waker(Waker::noop());
        let _ = Pin::new(&mut body).poll_frame(&mut context);
        assert!(!body.is_end_stream());
    }
}
