//! Every way a request can end without its target's answer, with the status and the sentence for each.

use http::StatusCode;

/// Why the edge answers itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The request breaks HTTP's rules.
    Malformed(&'static str),
    /// The method is not served.
    MethodNotAllowed,
    /// A transfer coding other than chunked.
    CodingNotSupported,
    /// The body is over the limit.
    BodyTooLarge,
    /// The client stopped sending.
    ClientTooSlow,
    /// The group has no target that takes requests.
    NoTarget,
    /// The listener was taken away while the connection was open.
    ListenerGone,
    /// The target does not accept connections.
    Unreachable,
    /// The target closed the connection without an answer.
    TargetClosed,
    /// The target's answer is not HTTP.
    TargetGarbled,
    /// The target took too long.
    TargetTooSlow,
    /// The target was taken away at the end of its drain.
    CutOff,
}

impl Fault {
    /// The status an ALB answers with in the same case (Elastic Load Balancing user guide, "Troubleshoot your
    /// Application Load Balancers").
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::CodingNotSupported => StatusCode::NOT_IMPLEMENTED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::ClientTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NoTarget | Self::ListenerGone => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unreachable | Self::TargetClosed | Self::TargetGarbled | Self::CutOff => {
                StatusCode::BAD_GATEWAY
            }
            Self::TargetTooSlow => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// What happened, for the person who reads the page.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Malformed(what) => what,
            Self::MethodNotAllowed => "This method is not served.",
            Self::CodingNotSupported => "The only transfer coding understood is chunked.",
            Self::BodyTooLarge => "The request body is larger than allowed.",
            Self::ClientTooSlow => "The request did not arrive in time.",
            Self::NoTarget => "The target group has no target that takes requests.",
            Self::ListenerGone => "This listener is being taken away.",
            Self::Unreachable => "The target does not accept connections.",
            Self::TargetClosed => "The target closed the connection without an answer.",
            Self::TargetGarbled => "The target's answer is not valid HTTP.",
            Self::TargetTooSlow => "The target did not answer in time.",
            Self::CutOff => "The target was taken away before it answered.",
        }
    }

    /// Whether what the client still sends can no longer be understood or is not wanted.
    pub(crate) fn ends_connection(self) -> bool {
        matches!(
            self,
            Self::Malformed(_)
                | Self::BodyTooLarge
                | Self::ClientTooSlow
                | Self::CodingNotSupported
                | Self::MethodNotAllowed
                | Self::ListenerGone
        )
    }
}
