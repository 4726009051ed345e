import Hummingbird
import NIOCore

/// What is known of a request beside its head and body.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The connection that the request came by.
    let channel: any Channel
    var dialect = Dialect.openAI
    var trace = TraceContext()
    /// What the request log will say, as far as it is known yet.
    let record = RequestRecord()

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
