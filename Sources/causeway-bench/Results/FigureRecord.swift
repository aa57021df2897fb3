import CausewayJSON

/// A figure with everything that was measured for it.
struct FigureRecord: Equatable {
    /// The same in all builds, such as `first_sync.seconds`.
    let key: String
    let name: String
    /// `s`, `ms`, `MB`, `1/s`, `%`, `count` or `ratio`.
    let unit: String
    /// A sample for each time that it was measured.
    var values: [Double]

    var median: Double? { Statistics.median(values) }
}

extension FigureRecord {
    var json: JSONValue {
        [
            "key": .string(key), "name": .string(name), "unit": .string(unit),
            "values": .array(values.map { .number($0) }),
        ]
    }

    /// - Returns: nil if it is not a figure.
    init?(_ json: JSONValue) {
        guard let key = json["key"]?.string, let unit = json["unit"]?.string,
            let values = json["values"]?.array?.compactMap(\.double)
        else { return nil }
        self.init(key: key, name: json["name"]?.string ?? key, unit: unit, values: values)
    }
}
