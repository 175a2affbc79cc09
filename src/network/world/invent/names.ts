/** Names and employers the invented people of the world are drawn from; common ones, with no one in mind. */

// biome-ignore format: a list is easier to read in rows
export const FIRST_NAMES = [
  'James', 'Mary', 'Robert', 'Patricia', 'John', 'Jennifer', 'Michael', 'Linda', 'David', 'Elizabeth', 'William',
  'Barbara', 'Richard', 'Susan', 'Joseph', 'Jessica', 'Thomas', 'Sarah', 'Carlos', 'Karen', 'Christopher', 'Lisa',
  'Daniel', 'Nancy', 'Matthew', 'Betty', 'Anthony', 'Sandra', 'Mark', 'Margaret', 'Luis', 'Ashley', 'Steven',
  'Kimberly', 'Andrew', 'Emily', 'Paul', 'Donna', 'Joshua', 'Michelle', 'Kenneth', 'Carol', 'Kevin', 'Amanda', 'Brian',
  'Melissa', 'Jorge', 'Deborah', 'Timothy', 'Stephanie', 'Ronald', 'Rebecca', 'Jason', 'Laura', 'Wei', 'Sharon',
  'Jamal', 'Cynthia', 'Ryan', 'Kathleen', 'Jacob', 'Amy', 'Nicholas', 'Angela', 'Omar', 'Shirley', 'Eric', 'Brenda',
  'Jonathan', 'Priya', 'Stephen', 'Pamela', 'Diego', 'Nicole', 'Justin', 'Maria', 'Scott', 'Samantha', 'Brandon',
  'Katherine', 'Benjamin', 'Christine', 'Samuel', 'Destiny', 'Raj', 'Rachel', 'Patrick', 'Carolyn', 'Minh', 'Janet',
  'Tyrone', 'Catherine', 'Jack', 'Guadalupe', 'Dennis', 'Heather', 'Jerry', 'Keisha', 'Tyler', 'Diane',
]

// biome-ignore format: a list is easier to read in rows
export const LAST_NAMES = [
  'Smith', 'Johnson', 'Williams', 'Brown', 'Jones', 'Garcia', 'Miller', 'Davis', 'Rodriguez', 'Martinez', 'Hernandez',
  'Lopez', 'Gonzalez', 'Wilson', 'Anderson', 'Thomas', 'Taylor', 'Moore', 'Jackson', 'Martin', 'Lee', 'Perez',
  'Thompson', 'White', 'Harris', 'Sanchez', 'Clark', 'Ramirez', 'Lewis', 'Robinson', 'Walker', 'Young', 'Allen', 'King',
  'Wright', 'Scott', 'Torres', 'Nguyen', 'Hill', 'Flores', 'Green', 'Adams', 'Nelson', 'Baker', 'Hall', 'Rivera',
  'Campbell', 'Mitchell', 'Carter', 'Roberts', 'Gomez', 'Phillips', 'Evans', 'Turner', 'Diaz', 'Parker', 'Cruz',
  'Edwards', 'Collins', 'Reyes', 'Stewart', 'Morris', 'Morales', 'Murphy', 'Cook', 'Rogers', 'Gutierrez', 'Ortiz',
  'Morgan', 'Cooper', 'Peterson', 'Bailey', 'Reed', 'Kelly', 'Howard', 'Ramos', 'Kim', 'Cox', 'Ward', 'Richardson',
  'Watson', 'Brooks', 'Chavez', 'Wood', 'Bennett', 'Gray', 'Mendoza', 'Ruiz', 'Hughes', 'Price', 'Alvarez', 'Castillo',
  'Sanders', 'Patel', 'Myers', 'Long', 'Ross', 'Foster', 'Jimenez', 'Chen', 'Washington', 'Okafor', 'Tran', 'Schmidt',
]

// biome-ignore format: a list is easier to read in rows
export const EMPLOYERS = [
  'Cedar Ridge Dental', 'Northgate Freight', 'Pinecrest Schools', 'Tidewater Bank', 'Harbor Point Foods',
  'Blue Mesa Logistics', 'Granite State Tools', 'Silverleaf Hospital', 'Prairie Wind Energy', 'Lakeside Printing',
  'Summit Roofing', 'Red Oak Insurance', 'Coastal Marine Supply', 'Ironwood Machining', 'Brightwater Clinic',
  'Maple Street Market', 'Canyon Software', 'Old Town Brewing', 'Riverbend Furniture', 'Metro Transit Authority',
  'Copper Hill Mining', 'Evergreen Landscaping', 'Skyline Hotels', 'Meadowbrook Nursing', 'Falcon Air Cargo',
  'Stonebridge Construction', 'Golden Valley Farms', 'Westport Textiles', 'Beacon Security', 'Orchard Publishing',
]
