import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why the server could not start to listen.
public enum ServerStartError: Error, Sendable, Equatable, CustomStringConvertible {
    case portInUse(host: String, port: Int)
    case portNotPermitted(port: Int)
    /// No interface of this machine has the address, or the name has none.
    case unknownAddress(host: String)
    case cannotListen(host: String, port: Int, code: Int32)

    init(_ error: IOError, host: String, port: Int) {
        switch error.errnoCode {
        case EADDRINUSE: self = .portInUse(host: host, port: port)
        case EACCES, EPERM: self = .portNotPermitted(port: port)
        case EADDRNOTAVAIL: self = .unknownAddress(host: host)
        case let code: self = .cannotListen(host: host, port: port, code: code)
        }
    }

    public var description: String {
        switch self {
        case .portInUse(let host, let port):
            """
            Port \(port) on \(host) is in use. If that is dpais already (`dpais ping` tells), there is nothing to do; \
            else stop the other program or choose another port with `--port`.
            """
        case .portNotPermitted(let port):
            "This user may not listen on port \(port). Choose a port of at least 1024 with `--port`."
        case .unknownAddress(let host):
            "This machine has no address \(host). Choose one that it has with `--host`; 127.0.0.1 is always there."
        case .cannotListen(let host, let port, let code):
            "Cannot listen on \(host), port \(port) (system error \(code)). Choose others with `--host` and `--port`."
        }
    }
}
