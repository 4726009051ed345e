import Testing

/// A body that is wrong in one place, and what the reply to it has to say.
struct WrongBody: Sendable, CustomTestStringConvertible {
    let fields: String
    let param: String
    let code: String

    init(_ fields: String, _ param: String, _ code: String) {
        self.fields = fields
        self.param = param
        self.code = code
    }

    var testDescription: String { fields.count > 200 ? fields.prefix(200) + "…" : fields }

    func expect(_ reply: Surface.Reply) throws {
        #expect(reply.status == 400)
        #expect(try reply.error("param") == param)
        #expect(try reply.error("code") == code)
        #expect(try reply.error("type") == "invalid_request_error")
    }
}
