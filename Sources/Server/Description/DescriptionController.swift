import HTTPTypes
import Hummingbird
import NIOCore

/// `GET …/openapi.yaml`: what this server answers, for programs that make clients of it.
struct DescriptionController: Sendable {
    private static let description = ByteBuffer(bytes: PackageResources.openapi_yaml)

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "openapi.yaml") { _, _ in
                // The media type of RFC 9512.
                Response(
                    status: .ok, headers: [.contentType: "application/yaml"],
                    body: ResponseBody(byteBuffer: Self.description))
            }
        ]
    }
}
