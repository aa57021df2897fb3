import CausewayGraphTypes
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import Foundation

extension PropertyMapping {
    /// A mapping from a file, named after it.
    ///
    /// - Throws: ``UserError`` if the file cannot be read.
    init(file: String) throws {
        guard let expression = try? String(contentsOfFile: file, encoding: .utf8) else {
            let isThere = FileManager.default.fileExists(atPath: file)
            throw UserError(
                isThere ? "The mapping file \(file) cannot be read as UTF-8 text." : "There is no file \(file)."
            )
        }
        self.init(name: URL(filePath: file).deletingPathExtension().lastPathComponent, expression: expression)
    }
}

extension MappingLint {
    /// Checks mappings that belong to no provider.
    init(_ mappings: [PropertyMapping], kind: ObjectKind, types: GraphTypes, environment: MappingEnvironment) {
        self.init(
            set: MappingSet(kind: kind, mappings: mappings, provider: .standIn),
            types: types,
            environment: environment
        )
    }

    /// Checks the mappings in files.
    ///
    /// - Throws: ``UserError`` if a file cannot be read, or the error that keeps mappings from being run.
    init(files: [String], kind: ObjectKind, _ data: DataOptions) throws {
        let runtime = try data.runtime()
        let mappings = try files.map { try PropertyMapping(file: $0) }
        self.init(mappings, kind: kind, types: runtime.types, environment: runtime.mappings)
    }
}

extension EntraProvider {
    /// The provider that mappings see if there is none.
    static let standIn = EntraProvider(
        id: ProviderID(0),
        settings: ProviderSettings(name: "none", clientID: "none", tenantID: "none")
    )
}
