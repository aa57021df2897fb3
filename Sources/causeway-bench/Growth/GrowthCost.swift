import CausewayJSON

/// A cost whose growth is measured: where it is in the result of `measure sync`.
struct GrowthCost: Equatable {
    /// What is done, as its key in the result and in words.
    let part: String
    let words: String
    let kind: Kind

    /// What is counted.
    enum Kind: String, CaseIterable {
        case seconds = "seconds"
        case processor = "processor_seconds"
        case memory = "peak_megabytes"
        /// The database after the first sync.
        case database = "megabytes"

        var unit: String {
            switch self {
            case .seconds, .processor: "s"
            case .memory, .database: "MB"
            }
        }

        /// The title of its drawing; the database is drawn with the memory.
        var title: String {
            switch self {
            case .seconds: "Time, in seconds"
            case .processor: "Processor time of the program, in seconds"
            case .memory, .database: "Peak memory of the program and size of the database, in MB"
            }
        }
    }

    var key: String { "\(part).\(kind.rawValue)" }

    var name: String {
        switch kind {
        case .seconds: "\(words): time"
        case .processor: "\(words): processor time"
        case .memory: "\(words): peak memory"
        case .database: words
        }
    }

    private static let parts = [
        ("plan", "plan"), ("first_sync", "first sync"), ("second_sync", "second sync (echo)"),
        ("sync_with_nothing_to_do", "nothing to do"), ("sync_after_changes", "after 100 changes"),
        ("sync_of_everything", "everything"),
    ]

    /// By kind, and within a kind in the order of the syncs.
    static let all: [GrowthCost] =
        [Kind.seconds, .processor, .memory].flatMap { kind in
            parts.map { GrowthCost(part: $0.0, words: $0.1, kind: kind) }
        } + [GrowthCost(part: "database", words: "database", kind: .database)]

    /// A sample for results.
    ///
    /// - Parameter size: how many users were synced, where there are several sizes.
    func record(_ value: Double, size: Int? = nil) -> FigureRecord {
        FigureRecord(key: key(size: size), name: name, unit: kind.unit, values: [value])
    }

    func key(size: Int?) -> String { size.map { "\(key).\($0)" } ?? key }

    /// - Parameter result: of `measure sync`.
    /// - Throws: ``BenchError`` if it is not there.
    func value(in result: JSONValue) throws -> Double {
        let number =
            kind == .database ? result["database_bytes"]?.double.map { $0 / 1e6 } : result[part]?[kind.rawValue]?.double
        guard let number else { throw BenchError("`measure sync` tells no \(key).") }
        return number
    }
}
