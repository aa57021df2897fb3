import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation

extension PlanExport.Format: ExpressibleByArgument {}

extension PlanCommand {
    /// `causeway plan export RUN`
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes a plan for other programs, as JSON or CSV."
        )

        @Argument(help: "The run ID, or its first 8 characters.")
        var run: String
        @Option(help: "json or csv.")
        var format: PlanExport.Format?
        @Option(help: "The file to write, which must not exist yet; by default, standard output.")
        var file: String?
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard format != nil || output.json else {
                throw ArgumentParser.ValidationError("Give --format json or --format csv.")
            }
        }

        func run() async throws {
            let format = format ?? .json
            try await data.withStore { store in
                let export = PlanExport(store: store, run: try await store.run(keyed: run).run.id)
                guard let file else { return try await write(export, format, to: .standardOutput) }
                let handle = try Self.create(file)
                defer { try? handle.close() }
                try await write(export, format, to: handle)
            }
        }

        private func write(_ export: PlanExport, _ format: PlanExport.Format, to handle: FileHandle) async throws {
            try await export.write(format) { try handle.write(contentsOf: Data($0)) }
        }

        /// A plan names people, so only the owner may read its file.
        private static func create(_ path: String) throws -> FileHandle {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw UserError("The file \(path) cannot be created: \(String(cString: strerror(errno))).")
            }
            return FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        }
    }
}
