/// The body of `POST /v1/performance`. Each field's rule is the line that reads it.
struct MeasurePerformanceRequest: Decodable, Sendable {
    let model: String
    let trials: Int

    private enum Fields: String, CodingKey {
        case model, trials
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: Fields.self)
        model = fields.requiredText(.model)
        trials = fields.integer(.trials, in: PerformanceMeasurement.trials) ?? PerformanceMeasurement.standardTrials
    }
}
