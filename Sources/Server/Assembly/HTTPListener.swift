import Hummingbird
import NIOCore
import ServiceLifecycle

/// The HTTP application as a service whose failure to listen is told in terms of what to do.
struct HTTPListener<App: ApplicationProtocol>: Service {
    let application: App
    let host: String
    let port: Int

    func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            throw ServerStartError(error, host: host, port: port)
        } catch is SocketAddressError {
            throw ServerStartError.unknownAddress(host: host)
        }
    }
}
