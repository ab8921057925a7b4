package images

import "github.com/seaworthy-dev/seaworthy/audit"

// readable matches the names of images that can be read ([parse]): a registry,
// which has a dot, a port or an upper-case letter or is localhost, the parts of a
// repository, a tag and a digest (github.com/distribution/reference). Where the
// first of several parts is the repository's, it has no dot.
const readable = `^(?:(?:` + host + `(?:\.` + host + `)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?/` + words + `(?:/` + words + `)*|` + first + `(?:/` + words + `)+|` + words + `)` +
	`(?::\w[\w.-]{0,127})?(?:@(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}))?$`

const (
	host  = `(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])`
	first = `[a-z0-9]+(?:(?:_|__|-+)[a-z0-9]+)*`
	words = `[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`
)

// useVariables are the variables by which a server sees the uses of images as
// [eachImage] does: those of containers and of volumes, with a name that can be read.
func useVariables() []audit.Variable {
	return []audit.Variable{
		{Name: "readable", Expression: audit.Text(readable)},
		{Name: "uses", Expression: "(variables.containers.map(c, {'image': c.?image.orValue(''), 'policy': c.?imagePullPolicy.orValue('')}) + " +
			"variables.podSpec.?volumes.orValue([]).filter(v, has(v.image))" +
			".map(v, {'image': v.image.?reference.orValue(''), 'policy': v.image.?pullPolicy.orValue('')}))" +
			".filter(u, u.image.matches(variables.readable) && !u.image.matches('^[a-f0-9]{64}$'))"},
	}
}

// imageVariables has the names of the images alone.
func imageVariables() []audit.Variable {
	return append(useVariables(), audit.Variable{Name: "images", Expression: "variables.uses.map(u, u.image)"})
}

// placeVariables has registry and repository of each image ([image.place]), with
// what Docker Hub leaves out filled in.
func placeVariables() []audit.Variable {
	const name = "i.find('^[^@]+').find('^(?:[^/]*/)*[^/:]+')" // without digest and tag
	return append(imageVariables(),
		audit.Variable{Name: "named", Expression: "variables.images.map(i, {'image': i, 'name': dyn(" + name + ")})"},
		audit.Variable{Name: "hosted", Expression: "variables.named.map(i, {'image': i.image, 'name': " +
			"!i.name.matches('^([^/]*[.:A-Z][^/]*|localhost)/') ? 'docker.io/' + i.name : " +
			"i.name.startsWith('index.docker.io/') ? i.name.substring(6) : i.name})"},
		audit.Variable{Name: "placed", Expression: "variables.hosted.map(i, {'image': i.image, 'place': " +
			"i.name.matches('^docker[.]io/[^/]+$') ? i.name.replace('docker.io/', 'docker.io/library/') : i.name})"},
	)
}
