/// A body that, where the promised interface says so, has its fields and no others.
protocol ClosedBody: Decodable, Sendable {
    associatedtype Fields: CodingKey
}

/// A body whose unknown fields are faults that name them.
struct Closed<Body: ClosedBody>: Decodable, Sendable {
    let body: Body

    init(from decoder: any Decoder) throws {
        _ = try FieldReader(decoder, closedTo: Body.Fields.self)
        body = try Body(from: decoder)
    }
}
