import CausewayInstallation
import CausewayJSON
import CausewayModel
import Foundation

/// What a run of `figures` or `growth` has measured, and where; the file that `--json` writes and `compare` reads.
///
/// The file is an object with `format` (``format``), `version` (``version``), `build` (the release and, if it was given, a label),
/// `date`, `cores`, `users` (the most that were synced) and `figures`, a list of objects with `key`, `name`, `unit` and `values`.
struct BenchResults: Equatable {
    static let format = "causeway-bench"
    /// Another one when older programs would misread the file.
    static let version: Int64 = 1

    let build: String
    let date: String
    let cores: Int
    let users: Int
    /// In the order in which they were first measured.
    private(set) var figures: [FigureRecord] = []

    init(build: String, date: String, cores: Int, users: Int) {
        (self.build, self.date, self.cores, self.users) = (build, date, cores, users)
    }

    /// Without figures yet: of this build, now, on this machine.
    ///
    /// - Parameter label: what the build is called in addition to its release, such as a commit.
    init(label: String?, users: Int) {
        self.init(
            build: [Version.current, label].compactMap(\.self).joined(separator: " "),
            date: Timestamp.now().text,
            cores: ProcessInfo.processInfo.activeProcessorCount,
            users: users
        )
    }

    /// Adds a figure, or further samples of one that is there.
    mutating func add(_ figure: FigureRecord) {
        if let index = figures.firstIndex(where: { $0.key == figure.key }) {
            figures[index].values += figure.values
        } else {
            figures.append(figure)
        }
    }
}

extension BenchResults {
    var json: JSONValue {
        [
            "format": .string(Self.format), "version": .integer(Self.version), "build": .string(build),
            "date": .string(date), "cores": .integer(Int64(cores)), "users": .integer(Int64(users)),
            "figures": .array(figures.map(\.json)),
        ]
    }

    /// Reads the content of a file.
    ///
    /// - Parameter name: of the file, for messages.
    /// - Throws: ``BenchError`` if it is something else.
    init(_ bytes: [UInt8], name: String) throws {
        guard let json = try? JSONValue(parsing: bytes) else { throw BenchError("\(name) is not JSON.") }
        guard json["format"]?.string == Self.format, let version = json["version"]?.integer else {
            throw BenchError("\(name) has no results of causeway-bench.")
        }
        guard version == Self.version else {
            throw BenchError(
                "\(name) has version \(version) of the results; this program reads version \(Self.version)."
            )
        }
        guard let build = json["build"]?.string, let date = json["date"]?.string, let cores = json["cores"]?.integer,
            let users = json["users"]?.integer, let figures = json["figures"]?.array
        else { throw BenchError("\(name) is incomplete.") }
        self.init(build: build, date: date, cores: Int(clamping: cores), users: Int(clamping: users))
        for figure in figures {
            guard let record = FigureRecord(figure) else {
                throw BenchError("\(name) has a figure without key, unit or values.")
            }
            add(record)
        }
    }

    /// - Throws: ``BenchError`` if the file cannot be read or is something else.
    static func read(_ path: String) throws -> BenchResults {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw BenchError("\(path) does not exist, or cannot be read.")
        }
        return try BenchResults([UInt8](data), name: path)
    }

    func write(to path: String) throws { try OutputFile.write(json.prettyText + "\n", to: path) }
}
