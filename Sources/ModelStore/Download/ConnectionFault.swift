import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What went wrong with a connection, in a sentence for people.
enum ConnectionFault {
    static func sentence(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError: sentence(error)
        case let error as NIOConnectionError:
            "no connection to \(error.host):\(error.port) could be made (\(cause(error)))."
        case is ChannelError, is HTTPParserError: "the connection broke off."
        case let error as IOError: "the connection failed: \(error)."
        default: "\(error)."
        }
    }

    private static func sentence(_ error: HTTPClientError) -> String {
        switch error {
        case .remoteConnectionClosed: "the connection broke off before all had come."
        case .readTimeout: "nothing came for too long."
        case .connectTimeout: "no connection could be made in time."
        case .invalidProxyResponse: "the proxy did not build a tunnel."
        case .proxyAuthenticationRequired: "the proxy asks for a user and a password."
        default: "\(error)."
        }
    }

    private static func cause(_ error: NIOConnectionError) -> String {
        if let last = error.connectionErrors.last?.error {
            return (last as? IOError)?.words ?? "\(last)"
        }
        return "there is no such host"
    }
}

extension IOError {
    /// What the system says, without the call that it says it of.
    fileprivate var words: String {
        String(cString: strerror(errnoCode))
    }
}
